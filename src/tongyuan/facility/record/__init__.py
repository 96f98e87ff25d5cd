"""What is read that is no table: messages and layouts of monitoring, brought to tables of the ledger."""

"""A plan drafted from an inventory, tables in and tables out: the hall brings the inventory."""

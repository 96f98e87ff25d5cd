"""The console: whole pages over the operations of the office, in Chinese and English, without any network."""

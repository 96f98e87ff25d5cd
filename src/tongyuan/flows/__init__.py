"""一体 the hall where the rooms meet: account, plan, deploy, assess."""

"""任务考核 the plan as living tasks, indicators and assessment."""

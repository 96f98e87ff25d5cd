"""融合清单 activity × factor × (1 − removal): emissions of every species."""

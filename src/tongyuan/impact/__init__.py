"""效益 what emission means for air, health, climate and money."""

"""Allocation 时空分配: any emission table → grid cell, hour, model species; no mass is lost in silence."""

"""路径优化 the least-cost way to meet every target at once."""

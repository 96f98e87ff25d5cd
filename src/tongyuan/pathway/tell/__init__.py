"""What a plan tells beside its numbers: assumptions, regret, who pays, jobs, stranded stock, road map."""

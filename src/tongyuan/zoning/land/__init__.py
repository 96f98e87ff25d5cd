"""Land used again: remediation of plots, photovoltaics on mines, landfills and subsided ground."""

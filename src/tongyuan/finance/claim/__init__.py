"""What may be claimed once: green power, certificates, certified reductions."""

"""An office on a machine of its own: bundle without network, service, container, guide in two languages."""

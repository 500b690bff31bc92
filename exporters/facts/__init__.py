"""What bundles say in buyers' words: events in their order, master data as of the event, names and amounts."""

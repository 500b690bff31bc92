"""The GS1 Digital Link resolver: from an identifier on a pack to what is known of it, for people and for programs."""

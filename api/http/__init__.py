"""What the server speaks over HTTP: one application, its limits, its headers."""

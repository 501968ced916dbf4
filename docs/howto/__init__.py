"""How-to pages, each executed: what it shows is what the commands print."""

"""The documentation: pages by hand, and pages generated from the declarations."""

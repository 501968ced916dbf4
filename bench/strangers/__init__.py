"""A second maker of worlds with known truth, resting on other assumptions than the program's own."""

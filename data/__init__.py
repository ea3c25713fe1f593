"""Where does the demo's city come from? Generator and output; see README.md."""

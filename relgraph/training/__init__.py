"""Training of the encoder that ``relgraph.load("encoder")`` reads with; needs the extra "train"."""

"""What must hold in every database of ours, at every moment, whatever has failed before."""

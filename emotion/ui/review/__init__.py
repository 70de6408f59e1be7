"""The Review tab: where an annotator settles doubtful labels, one clip a screen."""

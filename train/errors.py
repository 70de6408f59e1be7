"""What stops training or judging, as one clear sentence."""


class CannotTrain(Exception):
    """Something is wrong that only the person who started this can put right."""

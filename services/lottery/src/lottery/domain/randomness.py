"""The draw's random numbers, which whoever verifies it computes again: see `lottery.verifying.dice`."""

from lottery.verifying.dice import Dice

__all__ = ["Dice"]

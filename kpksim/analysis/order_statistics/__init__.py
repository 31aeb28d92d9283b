"""Values at given ranks among people, for many lanes at once, without sorting the people.

A few hundred people are sorted to find three edges near every rank. All the people are read once
and turned to steps of 16 bits. Neighbouring lanes, such as times of one curve, mostly have the
same people near a rank: only those who are near it in any lane of a block are kept, a tenth to a
third, and whoever lies below all that is counted. Among those kept, the ranks of the edges tell a
bracket of steps that holds the wanted rank and about 1 % of the people; what lies below it is
counted, and of what lies inside the few whose steps equal the wanted one are read in full. A
bracket that misses is moved and tried again, and where it leaves what has been kept people are
read again, so that it decides how long the work takes and never what comes out. Lanes where
brackets do not help, such as many equal values, or nan, are partitioned by NumPy.
"""

from kpksim.analysis.order_statistics.people import Ranks
from kpksim.analysis.order_statistics.statistics import Found, order_statistics

__all__ = ["Found", "Ranks", "order_statistics"]

# half speed, then none
0 1
2 0.5
3 0
LOOPAFTER 1

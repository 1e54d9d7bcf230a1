# The coldest day of a pond: lines are `DAY TEMPERATURE`.
NR == 1 || $2 < coldest { coldest = $2; day = $1 }
END { printf "%s pond: %.1f degrees at the ground, on day %d\n", pond, coldest, day }

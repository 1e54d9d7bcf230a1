/* How cold does the ground of a pond get in winter? Prints the temperature at the ground for each of a hundred days.
 * usage: pond DEPTH_IN_METRES */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LAYERS = 20, STEPS_A_DAY = 24 * 60 };

int main(int argc, char **argv) {
  const double depth = argc == 2 ? atof(argv[1]) : 0;
  if (depth <= 0) {
    fprintf(stderr, "usage: pond DEPTH_IN_METRES\n");
    return 2;
  }
  const double layer = depth / LAYERS;
  const double mixing = 1e-6 * 60 / (layer * layer); /* how much of a difference evens out in a minute */
  double water[LAYERS];
  for (int i = 0; i < LAYERS; i++) water[i] = 12;
  for (int day = 1; day <= 100; day++) {
    for (int step = 0; step < STEPS_A_DAY; step++) {
      const double air = -4 + 5 * sin(2 * M_PI * step / STEPS_A_DAY);
      double above = fmax(air, 0); /* ice keeps the rest out */
      for (int i = 0; i < LAYERS; i++) {
        const double below = i + 1 < LAYERS ? water[i + 1] : water[i];
        const double old = water[i];
        water[i] += fmin(mixing, 0.4) * (above - 2 * old + below);
        above = old;
      }
    }
    printf("%d %.3f\n", day, water[LAYERS - 1]);
  }
  return 0;
}

// How much of a run's time goes into measuring it.
#pragma once

#include "eddy/train.h"

namespace eddy {

// Units that are measured for each one trained: a forward pass costs about a third of a step, so that the looks of a run
// take about a tenth of its time, and what is measured at its end another tenth at most.
inline constexpr double kMeasuredShare = 0.3;

// How many units are to be measured after a run: as its length pays for, but `least`; all (infinity) where `exact`.
double UnitsToMeasure(const Trainable& task, const TrainingResult& run, double least, bool exact);

}  // namespace eddy

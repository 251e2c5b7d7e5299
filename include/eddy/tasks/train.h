// What training has in common for every task of the library: how a run is followed, and what comes out.
//
//     eddy::ForecastOptions options{.target = "co2", .time = "date", .horizon = 52};
//     const auto trained = eddy::Train(options, eddy::Data::File("co2.csv"));
//     std::puts(trained.evaluation.text.c_str());     // the network beside its floors
//     trained.WriteReport("co2.html");
//     trained.model.Save("co2.eddy");                 // the bytes that "eddy train" writes, for the same data and options
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/export.h"
#include "eddy/model.h"
#include "eddy/process_group.h"
#include "eddy/stop.h"
#include "eddy/train_hooks.h"

EDDY_API_BEGIN
namespace eddy {

struct TrainHooks {
  int threads = 1;                                // the result does not depend on it
  std::function<bool()> stop;                     // asked before every step: true ends the run, and Train() throws Stopped
  std::function<void(const Progress&)> progress;  // before the first step and after every step
  std::function<void(std::string_view)> say;      // lines for people: what is read, trained, and to beat
  // Asked from another thread or a signal handler, it ends what takes long within moments, not only between two steps; it
  // must outlive the run. Train() throws Stopped.
  const StopRequest* request = nullptr;
  // The processes that train together, each of which calls Train() with the same options and data (eddy/train.h) and gets
  // the same model; what ends one's run ends all. It must outlive the run. None for this one alone.
  ProcessGroup* group = nullptr;
};

struct LossPoint {
  int64_t step = 0;
  double loss = 0;
};

struct TrainingSummary {
  int64_t steps = 0;
  double seconds = 0;
  bool resumed = false;
  bool early = false;     // ended for want of improvement on what is held out
  int64_t best_step = 0;  // whose weights were kept
  std::vector<LossPoint> training, validation;
};

template <class Model>
struct Trained {
  Model model;
  Evaluation evaluation;  // on what was held out
  TrainingSummary run;
  std::function<void(const std::string& path)> WriteReport;  // one HTML page; throws Error when it cannot be written
};

}  // namespace eddy
EDDY_API_END

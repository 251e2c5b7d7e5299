#include "train/training_options.h"

#include <cstdlib>
#include <string>

#include "eddy/error.h"

namespace eddy {

const TrainingOptions& CheckedOptions(const TrainingOptions& options) {
  const bool known =
      options.clip == "none" || options.clip == "norm" || options.clip == "value" || options.clip == "adaptive";
  Require(known, "train", "clip", "one of none, norm, value, adaptive", options.clip);
  const auto require = [](bool holds, const char* argument, const char* expected, double given) {
    if (!holds) Fail("train", argument, expected, std::to_string(given));
  };
  require(options.clip_limit > 0, "the clip limit", "above 0", options.clip_limit);
  require(options.average_decay >= 0 && options.average_decay < 1, "the average's decay", "in [0, 1)",
          options.average_decay);
  const bool travels = options.exchange == Precision::kFloat32 || options.exchange == Precision::kBfloat16;
  Require(travels, "train", "the exchange of gradients", "in float32 or bf16", std::string(PrecisionName(options.exchange)));
  require(options.validations >= 1, "validations", "at least 1", options.validations);
  require(options.patience >= 0, "patience", "at least 0", options.patience);
  require(options.points >= 1, "points", "at least 1", options.points);
  require(options.checkpoint_seconds >= 0, "the seconds between checkpoints", "at least 0", options.checkpoint_seconds);
  return options;
}

Fingerprint FingerprintOf(const TrainingOptions& options) {
  const OptimizerOptions& o = options.optimizer;
  const ScheduleOptions& s = options.schedule;
  Json loop;
  loop["optimizer"] = {
      {"name", o.name},   {"momentum", o.momentum}, {"nesterov", o.nesterov}, {"beta1", o.beta1},
      {"beta2", o.beta2}, {"alpha", o.alpha},       {"epsilon", o.epsilon},   {"weight_decay", o.weight_decay}};
  loop["schedule"] = {{"name", s.name},     {"rate", s.rate},   {"warmup", s.warmup},    {"final", s.final},
                      {"factor", s.factor}, {"every", s.every}, {"patience", s.patience}};
  loop["training"] = {{options.limit, options.amount},
                      {"clip", options.clip},
                      {"clip_limit", options.clip_limit},
                      {"average_decay", options.average_decay},
                      {"validations", options.validations},
                      {"patience", options.patience},
                      {"points", options.points}};
  if (options.look_early) loop["training"]["look_early"] = true;
  if (options.exchange != Precision::kFloat32) loop["training"]["exchange"] = PrecisionName(options.exchange);
  Fingerprint fingerprint = FlatFingerprint(loop);
  fingerprint.insert(options.fingerprint.begin(), options.fingerprint.end());
  return fingerprint;
}

bool GoesOnLonger(const TrainingOptions& options, Fingerprint of_checkpoint) {
  const Fingerprint of_run = FingerprintOf(options);
  const std::string key = "training/" + options.limit;
  const auto found = of_checkpoint.find(key);
  const bool longer = found != of_checkpoint.end() && std::strtod(found->second.c_str(), nullptr) < options.amount;
  if (longer) found->second = of_run.at(key);
  RequireSameFingerprint(of_checkpoint, of_run);
  return longer;
}

}  // namespace eddy

#include "compare_worker.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

namespace compare {
namespace {

constexpr double kLeastMicroseconds = 2000;
constexpr double kColdMicroseconds = 20000;  // a call at least this long does not notice what ran before it

using Clock = std::chrono::steady_clock;

double MicrosecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double TimeCalls(const std::function<void()>& run, size_t count) {
  const auto start = Clock::now();
  for (size_t i = 0; i < count; ++i) run();
  return MicrosecondsSince(start) / static_cast<double>(count);
}

// Enough calls of `run` for a measurement.
class Turn {
 public:
  explicit Turn(const std::function<void()>& run) : run_(run) {
    run_();
    double once = TimeCalls(run_, count_);
    while (once * static_cast<double>(count_) < kLeastMicroseconds) {
      count_ = std::max(2 * count_, static_cast<size_t>(std::ceil(kLeastMicroseconds / std::max(once, 1e-3))));
      once = TimeCalls(run_, count_);
    }
    warm_ = once < kColdMicroseconds;
  }

  double Microseconds() const {
    if (warm_) run_();
    return TimeCalls(run_, count_);
  }

 private:
  std::function<void()> run_;
  size_t count_ = 1;
  bool warm_;  // whether a call goes first that is not timed: others have had the caches since
};

std::vector<float> Read(std::istream& file, size_t count) {
  std::vector<float> values(count);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(float)));
  if (!file) throw std::runtime_error("the weights file is cut short");
  return values;
}

Problem ReadProblem(std::istream& words, std::string& path) {
  Problem p;
  words >> p.cell >> p.mode >> p.precision >> p.T >> p.B >> p.D >> p.H >> p.threads >> path;
  if (!words) throw std::runtime_error("setup: words are missing");
  p.G = p.cell == "lstm" ? 4 : p.cell == "gru" ? 3 : p.cell == "rnn_tanh" ? 1 : 0;
  if (p.G == 0) throw Unsupported("no cell " + p.cell);
  std::ifstream file(path, std::ios::binary);
  p.W = Read(file, p.G * p.H * p.D);
  p.U = Read(file, p.G * p.H * p.H);
  p.b = Read(file, p.G * p.H);
  p.c = Read(file, p.G * p.H);
  p.x = Read(file, p.T * p.B * p.D);
  p.dy = Read(file, p.T * p.B * p.H);
  return p;
}

// One request after another.
class Server {
 public:
  explicit Server(const std::function<std::vector<Candidate>(const Problem&)>& prepare) : prepare_(prepare) {}

  std::string Answer(const std::string& line) try {
    std::istringstream words(line);
    std::string request;
    words >> request;
    char text[64];
    if (request == "setup") return SetUp(words);
    if (!turn_) return "failed nothing is set up";
    if (request == "run") {
      std::snprintf(text, sizeof(text), "%.6f", turn_->Microseconds());
      return text;
    }
    if (request != "slowest") return "failed no such request: " + request;
    size_t count = 0;
    double seconds = 0;
    words >> count >> seconds;
    return Slowest(count, seconds);
  } catch (const Unsupported& why) {
    return std::string("unsupported ") + why.what();
  } catch (const std::exception& why) {
    return std::string("failed ") + why.what();
  }

 private:
  std::string SetUp(std::istream& words) {
    turn_.reset();
    candidates_.clear();  // they refer to the problem
    std::string path;
    problem_ = ReadProblem(words, path);
    candidates_ = prepare_(problem_);
    std::vector<std::vector<float>> outputs;
    for (const Candidate& candidate : candidates_) outputs.push_back(candidate.outputs());
    size_t best = 0;
    double best_time = INFINITY;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const Turn turn(candidates_[i].run);
      double time = INFINITY;
      for (int round = 0; round < 3 && candidates_.size() > 1; ++round) time = std::min(time, turn.Microseconds());
      if (turn_ && time >= best_time) continue;
      turn_ = turn;
      best_time = time;
      best = i;
    }
    path += ".out";
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(outputs[best].data()),
               static_cast<std::streamsize>(outputs[best].size() * sizeof(float)));
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
    run_ = candidates_[best].run;
    return "ok " + path + " " + candidates_[best].setting;
  }

  std::string Slowest(size_t count, double seconds) const {
    double worst = 0;
    size_t done = 0;
    const auto start = Clock::now();
    for (auto before = start; done < count && std::chrono::duration<double>(before - start).count() < seconds; ++done) {
      run_();
      const auto after = Clock::now();
      worst = std::max(worst, std::chrono::duration<double, std::micro>(after - before).count());
      before = after;
    }
    char text[64];
    std::snprintf(text, sizeof(text), "%.3f %zu", worst, done);
    return text;
  }

  std::function<std::vector<Candidate>(const Problem&)> prepare_;
  Problem problem_;
  std::vector<Candidate> candidates_;
  std::function<void()> run_;
  std::optional<Turn> turn_;
};

}  // namespace

int Serve(const std::string& description, const std::function<std::vector<Candidate>(const Problem&)>& prepare) {
  std::cout << "ready " << description << std::endl;
  Server server(prepare);
  for (std::string line; std::getline(std::cin, line) && line != "quit";) std::cout << server.Answer(line) << std::endl;
  return 0;
}

}  // namespace compare

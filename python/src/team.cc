#include "team.h"

#include <pthread.h>

#include <map>

namespace eddy::python {
namespace {

using Teams = std::map<int, std::shared_ptr<Team>>;

// Not a thread_local object itself, so that a child process may leave it behind.
struct Owner {
  Teams* teams = new Teams;
  ~Owner() { delete teams; }
};
thread_local Owner owner;

// In a child process only the calling thread goes on: its teams have lost theirs, and could not even be ended.
void ForgetTeams() { owner.teams = new Teams; }

}  // namespace

std::shared_ptr<Team> TeamOf(int threads) {
  [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, ForgetTeams);
  std::shared_ptr<Team>& team = (*owner.teams)[threads];
  if (team == nullptr) {
    try {
      team = std::make_shared<Team>(threads);
    } catch (...) {
      owner.teams->erase(threads);
      throw;
    }
  }
  return team;
}

}  // namespace eddy::python

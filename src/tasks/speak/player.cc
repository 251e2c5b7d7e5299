#include "tasks/speak/player.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <vector>

#include "base/find_program.h"
#include "eddy/error.h"

extern char** environ;

namespace eddy {
namespace {

struct PlayCommand {
  std::string program;
  std::vector<std::string> arguments;
};

PlayCommand FindPlayer(int rate) {
  const std::string hertz = std::to_string(rate);
  const PlayCommand known[] = {
      {"aplay", {"-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", hertz}},
      {"paplay", {"--raw", "--format=s16le", "--channels=1", "--rate=" + hertz}},
      {"ffplay", {"-nodisp", "-autoexit", "-loglevel", "error", "-f", "s16le", "-sample_rate", hertz, "-i", "pipe:0"}}};
  for (const PlayCommand& each : known) {
    if (std::optional<std::string> found = FindProgram(each.program)) return {std::move(*found), each.arguments};
  }
  Fail("play", "the sound", "played by aplay, paplay or ffplay (Debian: alsa-utils, pulseaudio-utils, ffmpeg)",
       "without any of them");
}

}  // namespace

// The program reads from a socket, since writing to one whose other end is gone can be kept from raising a signal.
Player::Player(int rate) {
  PlayCommand command = FindPlayer(rate);
  program_ = command.program;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) Fail("play", program_, "started", "no socket for it");
  std::vector<char*> arguments = {program_.data()};
  for (std::string& each : command.arguments) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const int error = posix_spawn(&child_, program_.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  to_ = ends[0];
  if (error != 0) {
    close(to_);
    Fail("play", program_, "started", "refused");
  }
}

Player::~Player() {
  if (to_ < 0) return;
  kill(child_, SIGTERM);
  close(to_);
  Wait();
}

void Player::Write(std::string_view pcm) {
  while (!pcm.empty()) {
    const ssize_t sent = send(to_, pcm.data(), pcm.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) Fail("play", "the sound", "played to its end by " + program_, "cut off: the program has ended");
    pcm.remove_prefix(static_cast<size_t>(sent));
  }
}

void Player::Finish() {
  close(to_);
  to_ = -1;
  const int code = Wait();
  if (code != 0) Fail("play", program_, "exit code 0", std::to_string(code));
}

int Player::Wait() {
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace eddy

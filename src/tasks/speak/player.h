// Player: sound to the machine's loudspeaker while it is being made, through a program that plays what it is given: aplay
// (ALSA), paplay (PulseAudio) or ffplay, the first of these that is there.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace eddy {

class Player {
 public:
  // Of samples of 16 bits and one channel. Throws Error where there is no program, or it cannot be started.
  explicit Player(int rate);
  ~Player();  // ends a program that has not played all
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  // Waits where the program has enough to play for now. Throws Error where it has ended.
  void Write(std::string_view pcm);
  void Finish();  // waits until all is played; throws Error where it was not

 private:
  int Wait();  // the program's exit code

  std::string program_;
  int to_ = -1;  // its standard input
  pid_t child_ = -1;
};

}  // namespace eddy

// The options of training a voice, declared.
#pragma once

#include "eddy/tasks/speak.h"
#include "options/option_table.h"

namespace eddy {

void Declare(VoiceOptions& options, OptionTable& table);
void DeclareSpeaking(SpeakOptions& options, OptionTable& table);  // but for durations and threads

}  // namespace eddy

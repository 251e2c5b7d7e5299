// A voice's figures in words and for programs.
#pragma once

#include <string>

#include "model/json.h"
#include "tasks/speak/evaluation.h"

namespace eddy {

std::string DescribeResult(const VoiceResult& result);
std::string DescribeVocoders(const VocoderDistances& vocoders);  // "neural, whose spectra are ...", without a full stop
void AddResult(OrderedJson& json, const VoiceResult& result);

}  // namespace eddy

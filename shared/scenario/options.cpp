#include "scenario/options.hpp"

#include <vector>

namespace lockstep::scenario {
namespace {

constexpr WholeRange from_one{1, std::numeric_limits<std::uint32_t>::max()};
constexpr QuantityRange speeds{"1f", "1000000Tf"};

std::vector<Option> method_options() {
    return {
        {"method", Group::method, choice(&Config::method), "How the workers agree on parameters."},
        {"workers", Group::method, whole(&Config::workers, {1, 65536}),
         "Processes that compute gradients. A dedicated server is one more."},
        {"collective", Group::method, choice(&Config::collective),
         "Algorithm of the averaging of sync-average. All but library (the MPI library's own) sum in a fixed "
         "order."},
        {"server", Group::method, choice(&Config::server),
         "Where the shared parameters of in-turn are. none: the parameters travel as a token from worker to "
         "worker; "
         "dedicated: they sit on an extra rank."},
        {"update", Group::method, choice(&Config::update),
         "What in-turn and by-arrival do with a worker's parameters w and the shared v. delta: v += w - (v "
         "as the "
         "worker last received it); mix: v = (1 - beta) v + beta w; replace: v = w."},
        {"beta", Group::method, positive_real(&Config::beta, 1), "Weight of the worker in --update mix."},
    };
}

std::vector<Option> data_options() {
    return {
        {"data", Group::data,
         text(&Config::data, "SOURCE", "digits, mnist:DIR, fashion-mnist:DIR", Empty::refused),
         "Images to learn. digits: generated; mnist:DIR, fashion-mnist:DIR: the four IDX files in DIR, raw "
         "or gzip."},
        {"train-samples", Group::data, whole_or_all(&Config::train_samples, from_one),
         "Use only the first N training samples."},
        {"test-samples", Group::data, whole_or_all(&Config::test_samples, from_one),
         "Use only the first N test samples."},
        {"partition", Group::data, choice(&Config::partition),
         "shard: each worker has its own part of the training set; replicate: each has all of it, in its own "
         "order."},
    };
}

std::vector<Option> model_options() {
    return {
        {"hidden", Group::model, whole_list(&Config::hidden, {1, 65536}),
         "Sizes of the hidden layers; nothing: softmax regression."},
        {"activation", Group::model, choice(&Config::activation),
         "Activation function of the hidden layers."},
        {"loss", Group::model, choice(&Config::loss), "What training minimises."},
    };
}

std::vector<Option> training_options() {
    return {
        {"batch", Group::training, whole_or_all(&Config::batch, from_one),
         "Samples of one step of one worker; all: the worker's whole part (gradient descent)."},
        {"lr", Group::training, positive_real(&Config::lr), "Learning rate of the first epoch."},
        {"lr-decay", Group::training, positive_real(&Config::lr_decay, 1),
         "The learning rate is multiplied by this after each epoch."},
        {"epochs", Group::training, whole(&Config::epochs, {1, 1'000'000}),
         "Passes over the training samples."},
        {"seed", Group::training, whole(&Config::seed, {}),
         "Of everything random: initial parameters, order of samples, generated images."},
        {"evaluate", Group::training, choice(&Config::evaluate),
         "Whose parameters are tested at the end of each epoch. shared: the shared ones; workers: each "
         "worker's own "
         "too."},
    };
}

std::vector<Option> platform_options() {
    return {
        {"speed", Group::platform, quantity(&Config::speed_flops, Quantity::speed, speeds),
         "Of each core, in floating-point operations a second."},
        {"speeds", Group::platform, speed_list(&Config::speeds_flops, speeds),
         "One speed per worker, in place of --speed for all: 5Gf,5Gf,1Gf."},
        {"cores", Group::platform, whole(&Config::cores, {1, 65536}), "Per host."},
        {"memory", Group::platform, quantity(&Config::memory_B, Quantity::size, {"1MB", "1000000GB"}),
         "Per host, for the memory share in simulated runs."},
        {"latency", Group::platform, quantity(&Config::latency_s, Quantity::time, {"0s", "1h"}),
         "One-way latency between two workers (each access link of the star has half of it)."},
        {"bandwidth", Group::platform,
         quantity(&Config::bandwidth_Bps, Quantity::bandwidth, {"1Bps", "1000000GBps"}),
         "Of each worker's link, per direction."},
        {"platform", Group::platform,
         text(&Config::platform, "FILE", "a platform file (XML), or nothing", Empty::allowed),
         "Platform file (XML), in place of the star that the options above describe."},
        {"network-model", Group::platform, choice(&Config::network_model),
         "Model of the network. CM02: latency + bytes / bandwidth, as in the closed forms; LV08, SMPI: "
         "corrected for "
         "the behaviour of TCP."},
        {"eager-limit", Group::platform, quantity(&Config::eager_limit_B, Quantity::size, {"0B", "1GB"}),
         "Messages smaller than this are sent without waiting for the receiver (0B: a transfer starts when "
         "both sides are ready, as the closed forms presume)."},
        {"numerics", Group::platform, choice(&Config::numerics),
         "real: the arithmetic is done, so loss and accuracy are true; none: timing only."},
        {"threads", Group::platform, whole(&Config::threads, {0, 4096}),
         "Threads of this machine that do the simulated workers' arithmetic; 0: one per core."},
    };
}

std::vector<Option> output_options() {
    return {
        {"format", Group::output, choice(&Config::format), "Of the result on standard output."},
        {"out", Group::output, text(&Config::out, "DIR", "a folder, or nothing", Empty::allowed),
         "Folder for result.json, history.csv and updates.csv; nothing: no files."},
        {"progress", Group::output, choice(&Config::progress),
         "Progress on standard error; auto: where that is a terminal."},
    };
}

}  // namespace

std::string_view title(Group group) {
    switch (group) {
        case Group::method:
            return "Method";
        case Group::data:
            return "Data";
        case Group::model:
            return "Model";
        case Group::training:
            return "Training";
        case Group::platform:
            return "Simulated platform";
        case Group::output:
            return "Output";
    }
    return {};
}

std::span<const Option> options() {
    static const std::vector<Option> table = [] {
        std::vector<Option> all;
        for (const auto& part : {method_options(), data_options(), model_options(), training_options(),
                                 platform_options(), output_options()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return table;
}

const Option* find_option(std::string_view key) {
    for (const Option& option : options())
        if (option.key == key) return &option;
    return nullptr;
}

std::string default_text(const Option& option) {
    return option.kind.get(Config{});
}

}  // namespace lockstep::scenario

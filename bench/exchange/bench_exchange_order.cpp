// Two ranks exchange vectors, again and again: how long it takes where each starts to receive before it
// starts to send, against the other way round. Usage: mpirun -n 2 bench_exchange_order [REPETITIONS]; over
// TCP it matters: tools/netcluster run --bandwidth 1gbit -- bash -c 'mpirun $LOCKSTEP_LAUNCHER_ARGS -n 2
// bench_exchange_order'.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>
#include <mpi.h>

namespace {

constexpr int exchanges = 40;  // in a row
constexpr std::size_t sizes[]{40'000, 95'000, 400'000, 800'000, 1'600'000};

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double exchange_s(int peer, bool sends_first, std::vector<char>& outgoing, std::vector<char>& incoming) {
    const int bytes = static_cast<int>(outgoing.size());
    MPI_Barrier(MPI_COMM_WORLD);
    const double began_s = MPI_Wtime();
    for (int i = 0; i < exchanges; ++i) {
        std::array<MPI_Request, 2> requests{};
        const auto send = [&] {
            MPI_Isend(outgoing.data(), bytes, MPI_BYTE, peer, 0, MPI_COMM_WORLD, &requests[0]);
        };
        if (sends_first) send();
        MPI_Irecv(incoming.data(), bytes, MPI_BYTE, peer, 0, MPI_COMM_WORLD, &requests[1]);
        if (!sends_first) send();
        MPI_Waitall(2, requests.data(), MPI_STATUSES_IGNORE);
    }
    return (MPI_Wtime() - began_s) / exchanges;
}

void compare(int rank, std::size_t bytes, int repetitions) {
    std::vector<char> outgoing(bytes, 1);
    std::vector<char> incoming(bytes);
    std::array<std::vector<double>, 2> times_s;
    for (int repetition = 0; repetition < repetitions; ++repetition)
        for (const bool sends_first : {false, true})
            times_s[sends_first ? 1 : 0].push_back(exchange_s(1 - rank, sends_first, outgoing, incoming));
    const double receive_first_s = median(times_s[0]);
    const double send_first_s = median(times_s[1]);
    if (rank == 0)
        fmt::print("{:8} B  receive first {:8.3f} ms  send first {:8.3f} ms  ratio {:.2f}\n", bytes,
                   1e3 * receive_first_s, 1e3 * send_first_s, receive_first_s / send_first_s);
}

}  // namespace

int main(int argc, char** argv) {
    MPI_Init(&argc, &argv);
    int rank = 0;
    int size = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 5;
    if (size != 2 || repetitions < 1) {
        if (rank == 0) fmt::print(stderr, "usage: mpirun -n 2 bench_exchange_order [REPETITIONS]\n");
        MPI_Finalize();
        return 2;
    }
    for (const std::size_t bytes : sizes) compare(rank, bytes, repetitions);
    MPI_Finalize();
    return 0;
}

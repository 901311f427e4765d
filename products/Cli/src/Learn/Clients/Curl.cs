using System.Diagnostics;

namespace Microcosm.Cli;

/// <summary>curl, always the real one: it prints what a server says, byte for byte. One that asks at a <c>--rate</c> stays in its
/// terminal.</summary>
internal sealed class Curl : IClientProgram
{
    public string Name => "curl";

    public bool IsInstalled { get; } = ProgramRun.Find("curl") is not null;

    public bool HasStandIn => false;

    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string input, PortMap ports, bool asPeer,
        CancellationToken cancellation)
    {
        var run = await ProgramRun.RunAsync(Command(arguments, ports), input, cancellation);
        return run.Printed;
    }

    public StayingProgram? TryStay(IReadOnlyList<string> arguments, PortMap ports) =>
        arguments.Contains("--rate") ? new StayingProgram(Command(arguments, ports)) : null;

    public IClientSession Open(IReadOnlyList<string> arguments, PortMap ports) => throw new FormatException("curl has no prompt");

    // On a terminal curl shows no progress beside what it prints.
    private static ProcessStartInfo Command(IReadOnlyList<string> arguments, PortMap ports) =>
        ProgramRun.Command("curl", ["-sS", .. arguments.Select(ports.ToActual)]);
}

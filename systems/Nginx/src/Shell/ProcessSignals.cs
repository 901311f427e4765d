#pragma warning disable RS0030 // signals are the process'
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary>The signals that nginx acts on, in the order in which they came. Those that the starter set to be ignored are taken
/// too.</summary>
internal sealed class ProcessSignals : IDisposable
{
    public const PosixSignal Reopen = (PosixSignal)10;
    public const PosixSignal Upgrade = (PosixSignal)12;
    public const PosixSignal StopAccepting = (PosixSignal)28;
    public const PosixSignal ChildEnded = (PosixSignal)17;

    private static readonly (PosixSignal Signal, int Number, string Name)[] Handled =
    [
        (PosixSignal.SIGHUP, 1, "SIGHUP"), (PosixSignal.SIGINT, 2, "SIGINT"), (PosixSignal.SIGQUIT, 3, "SIGQUIT"),
        (Reopen, 10, "SIGUSR1"), (Upgrade, 12, "SIGUSR2"), (PosixSignal.SIGTERM, 15, "SIGTERM"), (StopAccepting, 28, "SIGWINCH"),
    ];

    // The runtime waits for children itself: who started one says when it has ended.
    private const string ChildName = "17 (SIGCHLD)";

    private readonly BlockingCollection<PosixSignal> _came = [];
    private readonly PosixSignalRegistration[] _registrations;

    public ProcessSignals()
    {
        // A script that starts a program with an ampersand has it ignore INT and QUIT, and the runtime leaves that be.
        var ignored = Ignored();
        foreach (var (_, number, _) in Handled)
        {
            if ((ignored & 1UL << (number - 1)) != 0)
                _ = ProcessCalls.SetSignal(number, 0);
        }
        _registrations = [.. Handled.Select(h => PosixSignalRegistration.Create(h.Signal, context =>
        {
            context.Cancel = true;
            _came.Add(h.Signal);
        }))];
    }

    /// <summary>As logs name it: <c>3 (SIGQUIT)</c>.</summary>
    public static string NameOf(PosixSignal signal)
    {
        if (signal == ChildEnded)
            return ChildName;
        var (_, number, name) = Array.Find(Handled, h => h.Signal == signal);
        return string.Create(CultureInfo.InvariantCulture, $"{number} ({name})");
    }

    /// <summary>A child has ended. Thread-safe.</summary>
    public void ChildHasEnded() => _came.Add(ChildEnded);

    /// <summary>The next one.</summary>
    public Task<PosixSignal> NextAsync() => Task.Run(() => _came.Take());

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private static ulong Ignored()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask)
            ? mask : 0;
    }
}

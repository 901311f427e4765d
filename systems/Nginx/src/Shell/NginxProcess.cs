#pragma warning disable RS0030 // the program is no node of a world: signals and waiting are the process'
using System.Runtime.InteropServices;
using Microcosm.Http;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Nginx;

/// <summary>The process <c>nginx</c> while it serves: signals, and the server that they act on.</summary>
internal sealed class NginxProcess(ServingStart start, TimeProvider clock)
{
    private const int Failure = 1;
    private const string InUse = " is in use";

    private readonly int _parent = ProcessCalls.GetParent();
    private InheritedSockets? _inherited;
    private Task<PosixSignal>? _next;

    private bool IsDaemon => start.Configuration.Main.Get(CoreModule.Daemon);

    /// <summary>Serves until a signal ends it; gives the exit code.</summary>
    public int Run()
    {
        var configuration = start.Configuration;
        Served.Check(configuration);
        _inherited = InheritedSockets.Take(message => start.Log.Write(LogLevel.Emerg, message));
        if (_inherited is not null)
            start.Log.Write(LogLevel.Notice, $"using inherited sockets from \"{_inherited.Text}\"");
        // A new binary is where the old one was.
        var goesToBackground = IsDaemon && _inherited is null;
        if (goesToBackground && !Background.IsEntered)
            return Background.Start();
        if (goesToBackground)
            Background.Enter();
        using var signals = new ProcessSignals();
        var workers = configuration.Main.Get(CoreModule.WorkerProcesses) is > 0 and var wanted ? (int)wanted : Environment.ProcessorCount;
        var seed = new Seed((ulong)(Environment.TickCount64 ^ Environment.ProcessId));
        var server = new NginxServer(
            new LoopHttpNetwork(workers, clock), configuration, seed,
            new NginxSurroundings(start.Machine, start.Machine.ProcessId, start.Machine.HostName,
                bytes => start.Machine.WriteError(bytes), start.ErrorLog));
        server.Listeners.Inherited = _inherited;
        start.Log.Sink = (level, line) => server.ErrorLogSink.Write(server.MainErrorLogs, level, clock.GetLocalNow(), line);
        return ServeAsync(server, signals).GetAwaiter().GetResult();
    }

    private async Task<int> ServeAsync(NginxServer server, ProcessSignals signals)
    {
        await using (server)
        {
            if (!await TryAsync(server.StartAsync))
                return Failure;
            _inherited?.CloseRest();
            start.Pid.Write();
            var main = start.Configuration.Main;
            var logs = start.Configuration.LogFiles(start.ErrorLog).ToArray();
            server.LogFiles.Open(logs);
            var folders = start.Configuration.TempPaths.Select(p => p.Name);
            if (!new ProcessSettings(main, start.Log).TryApply(server.Workers, [.. logs, .. folders]))
                return 2;
            start.Log.UsesTerminal = false;
            var binary = new NewBinary(start.Pid, start.Log, signals.ChildHasEnded);
            if (IsDaemon && _inherited is null)
                Background.Tell();
            start.Log.Write(LogLevel.Notice, $"nginx/{NginxBuild.Version}");
            while (true)
            {
                var signal = await NextAsync(signals);
                start.Log.Write(LogLevel.Notice, $"signal {ProcessSignals.NameOf(signal)} received{ActionOf(signal, binary)}");
                switch (signal)
                {
                    case PosixSignal.SIGHUP:
                        await server.Listeners.ResumeAsync();
                        // Which configuration the new binary has is its own affair; the old one goes on as it was.
                        if (!binary.IsRunning && start.Reload() is { } configuration)
                            await TryAsync(() => ReloadAsync(server, configuration));
                        break;
                    case PosixSignal.SIGQUIT:
                        server.Listeners.LeavesPaths = HasOther(binary);
                        await DrainAsync(server, signals);
                        return 0;
                    case ProcessSignals.Reopen:
                        server.LogFiles.Reopen();
                        server.LogFiles.Open([.. server.Configuration.LogFiles(start.ErrorLog)]);
                        break;
                    case ProcessSignals.StopAccepting when IsDaemon:
                        await server.StopAcceptingAsync();
                        break;
                    case ProcessSignals.StopAccepting:
                        break;
                    case ProcessSignals.Upgrade when binary.IsWelcome:
                        start.Log.Write(LogLevel.Notice, "changing binary");
                        binary.Start(server.Listeners.Descriptors);
                        break;
                    case ProcessSignals.Upgrade:
                        start.Log.Write(LogLevel.Crit, "the changing binary signal is ignored: "
                            + "you should shutdown or terminate before either old or new binary's process");
                        break;
                    case ProcessSignals.ChildEnded:
                        if (binary.TryEnd())
                            await server.Listeners.ResumeAsync();
                        break;
                    default:
                        server.Listeners.LeavesPaths = HasOther(binary);
                        return 0;
                }
            }
        }
    }

    // Another process serves at the same addresses: the new binary, or the one before.
    private bool HasOther(NewBinary binary) => binary.IsRunning || (_inherited is not null && ProcessCalls.GetParent() == _parent);

    private string ActionOf(PosixSignal signal, NewBinary binary) => signal switch
    {
        PosixSignal.SIGHUP => ", reconfiguring",
        PosixSignal.SIGQUIT => ", shutting down",
        ProcessSignals.Reopen => ", reopening logs",
        ProcessSignals.StopAccepting => IsDaemon ? ", stop accepting connections" : ", ignoring",
        ProcessSignals.Upgrade => binary.IsWelcome ? ", changing binary" : ", ignoring",
        ProcessSignals.ChildEnded => "",
        _ => ", exiting",
    };

    // One that nobody has waited for to the end is taken first.
    private Task<PosixSignal> NextAsync(ProcessSignals signals)
    {
        var next = _next ?? signals.NextAsync();
        _next = null;
        return next;
    }

    // Until all are gone, or their time is over, or somebody has no patience.
    private async Task DrainAsync(NginxServer server, ProcessSignals signals)
    {
        var drained = server.DrainAsync();
        var timeout = server.Configuration.Main.Get(CoreModule.WorkerShutdownTimeout);
        var late = timeout > 0 ? Task.Delay(TimeSpan.FromMilliseconds(timeout), clock) : Task.Delay(Timeout.InfiniteTimeSpan, clock);
        while (true)
        {
            _next ??= signals.NextAsync();
            var first = await Task.WhenAny(drained, late, _next);
            if (first == late)
                await CloseAllAsync(server, drained);
            if (first != _next)
                return;
            if (await NextAsync(signals) is PosixSignal.SIGTERM or PosixSignal.SIGINT)
                return;
        }
    }

    private async Task CloseAllAsync(NginxServer server, Task drained)
    {
        foreach (var connection in server.Open())
            connection.Worker.Http.Executor.Post(connection.Abort);
        // Their requests are logged yet.
        await Task.WhenAny(drained, Task.Delay(TimeSpan.FromSeconds(1), clock));
    }

    private async Task ReloadAsync(NginxServer server, NginxConfiguration configuration)
    {
        Served.Check(configuration);
        var before = server.Open();
        await server.ReloadAsync(configuration);
        if (configuration.Main.Get(CoreModule.WorkerShutdownTimeout) is > 0 and var timeout)
            _ = CloseLaterAsync(before, timeout);
        server.LogFiles.Open([.. configuration.LogFiles(start.ErrorLog)]);
    }

    // Connections outlive a reload here; who sets a time-out wants those of the old configuration gone by then.
    private async Task CloseLaterAsync(IReadOnlyList<IClientConnection> connections, long afterMs)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(afterMs), clock);
        foreach (var connection in connections)
            connection.Worker.Http.Executor.Post(connection.Finish);
    }

    private async Task<bool> TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception e) when (e is IOException or AddressInUseException or ConfigurationException)
        {
            start.Log.Write(LogLevel.Emerg, e is AddressInUseException && e.Message.EndsWith(InUse, StringComparison.Ordinal)
                ? $"bind() to {e.Message[..^InUse.Length]} failed (98: Address already in use)" : e.Message);
            return false;
        }
    }
}

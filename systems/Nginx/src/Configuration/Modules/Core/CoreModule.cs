namespace Microcosm.Nginx;

/// <summary>The main level: processes, their user, limits and files.</summary>
internal static class CoreModule
{
    public static readonly Module Module = new("core_module", Contexts.Main);

    public static readonly Setting<bool> Daemon = Module.Flag("daemon", Contexts.Main, true);
    public static readonly Setting<bool> MasterProcess = Module.Flag("master_process", Contexts.Main, true);
    public static readonly Setting<long> TimerResolution = Module.Milliseconds("timer_resolution", Contexts.Main);
    public static readonly Setting<string?> Pid = Module.Text("pid", Contexts.Main);
    public static readonly Setting<string?> LockFile = Module.Text("lock_file", Contexts.Main);
    public static readonly Setting<DebugPoints> DebugPoints =
        Module.Choice("debug_points", Contexts.Main, default(DebugPoints), "", "stop", "abort");
    public static readonly Setting<long> WorkerRlimitNofile = Module.Number("worker_rlimit_nofile", Contexts.Main, -1);
    public static readonly Setting<long> WorkerRlimitCore = Module.Offset("worker_rlimit_core", Contexts.Main, -1);
    public static readonly Setting<long> WorkerShutdownTimeout = Module.Milliseconds("worker_shutdown_timeout", Contexts.Main);
    public static readonly Setting<string?> WorkingDirectory = Module.Text("working_directory", Contexts.Main);
    public static readonly Setting<bool> PcreJit = Module.Flag("pcre_jit", Contexts.Main);
    public static readonly Setting<bool> SslObjectCacheInheritable = Module.Flag("ssl_object_cache_inheritable", Contexts.Main, true);
    public static readonly Setting<IReadOnlyList<NamedText>> Environment = new("env", []);
    public static readonly Setting<IReadOnlyList<string>> CpuAffinity = new("worker_cpu_affinity", []);
    public static readonly Setting<IReadOnlyList<ErrorLog>> ErrorLogs = ErrorLogDirective.Declare(Module, Contexts.Main);

    /// <summary>User and group, or null.</summary>
    public static readonly Setting<NamedText?> User = new("user", null);

    /// <summary>-1 for one a processor.</summary>
    public static readonly Setting<long> WorkerProcesses = Module.One("worker_processes", Contexts.Main, DirectiveKind.Number, 1L,
        (call, word) => word == "auto" ? -1 : Measures.Number(word) ?? throw call.Refuse("invalid value"));

    public static readonly Setting<long> WorkerPriority = Module.One("worker_priority", Contexts.Main, DirectiveKind.Number, 0L,
        (call, word) =>
        {
            var number = Measures.Number(word.TrimStart('-')) ?? throw call.Refuse("invalid number");
            return word.StartsWith('-') ? -number : number;
        });

    /// <summary>Pools of threads by name.</summary>
    public static readonly Setting<IReadOnlyList<ThreadPool>> ThreadPools = new("thread_pool", []);

    static CoreModule()
    {
        Module.Custom("include", Contexts.Any, Arity.One, call => call.Loader.Include(call[1]));
        Module.Custom("user", Contexts.Main, Arity.OneOrTwo, ReadUser);
        Module.Custom("worker_cpu_affinity", Contexts.Main, Arity.OneOrMore, ReadAffinity);
        Module.Custom("env", Contexts.Main, Arity.One, call =>
        {
            var equals = call[1].IndexOf('=');
            call.Level.Add(Environment, new NamedText(equals < 0 ? call[1] : call[1][..equals], equals < 0 ? "" : call[1][(equals + 1)..]));
        });
        Module.Custom("load_module", Contexts.Main, Arity.One, call => throw call.Error(
            $"dlopen() \"{call.Loader.Paths.FromPrefix(call[1])}\" failed (modules cannot be loaded)"));
        Module.Custom("ssl_engine", Contexts.Main, Arity.One, call => throw call.Error($"ENGINE_by_id(\"{call[1]}\") failed"));
        Module.Custom("thread_pool", Contexts.Main, Arity.TwoOrThree, ReadThreadPool);
    }

    private static void ReadUser(DirectiveCall call)
    {
        call.Once(User);
        if (!call.Loader.Names.IsPrivileged)
            call.Warn("the \"user\" directive makes sense only if the master process runs with super-user privileges, ignored");
        call.Level.Set(User, new NamedText(call[1], call.Count > 1 ? call[2] : call[1]));
    }

    private static void ReadAffinity(DirectiveCall call)
    {
        call.Once(CpuAffinity);
        foreach (var mask in call.Arguments)
        {
            if (mask == "auto")
                continue;
            foreach (var ch in mask)
            {
                if (ch is not ('0' or '1' or ' '))
                    throw call.Error($"invalid character \"{ch}\" in \"worker_cpu_affinity\"");
            }
        }
        call.Level.Set<IReadOnlyList<string>>(CpuAffinity, call.Arguments.ToArray());
    }

    private static void ReadThreadPool(DirectiveCall call)
    {
        var (threads, queue) = (0L, 65536L);
        if (call.Level.TryGetOwn(ThreadPools, out var pools) && pools.Any(p => p.Name == call[1]))
            throw call.Error($"duplicate thread pool \"{call[1]}\"");
        for (var i = 2; i <= call.Count; i++)
        {
            if (Parameters.Is(call[i], "threads", out var value))
                threads = Measures.Number(value) is { } n and > 0 ? n : throw call.Error($"invalid threads value \"{call[i]}\"");
            else if (Parameters.Is(call[i], "max_queue", out value))
                queue = Measures.Number(value) ?? throw call.Error($"invalid max_queue value \"{call[i]}\"");
        }
        if (threads == 0)
            throw call.Error("\"thread_pool\" must have \"threads\" parameter");
        call.Level.Add(ThreadPools, new ThreadPool(call[1], threads, queue));
    }
}

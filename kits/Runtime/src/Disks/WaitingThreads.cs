#pragma warning disable RS0030 // This is the shell that meets the file system.
namespace Microcosm.Runtime;

/// <summary>
/// Threads for system calls that wait for a device. Not the pool's: that has a thread a core to begin with, and while slow syncs hold them
/// nothing else of the process would go on. One is made when all are busy; they stay.
/// </summary>
internal static class WaitingThreads
{
    private const int CountMax = 64;

    private static readonly object Gate = new();
    private static readonly Queue<(Action<object> Work, object State)> Waiting = new();
    private static int _count;
    private static int _idle;

    /// <summary>Runs <paramref name="work"/>, which must not throw.</summary>
    public static void Run(Action<object> work, object state)
    {
        lock (Gate)
        {
            Waiting.Enqueue((work, state));
            if (_idle >= Waiting.Count || _count == CountMax)
            {
                Monitor.Pulse(Gate);
                return;
            }
            _count++;
        }
        new Thread(Loop) { IsBackground = true, Name = "disk" }.UnsafeStart();
    }

    private static void Loop()
    {
        while (true)
        {
            (Action<object> Work, object State) next;
            lock (Gate)
            {
                _idle++;
                while (!Waiting.TryDequeue(out next))
                    Monitor.Wait(Gate);
                _idle--;
            }
            next.Work(next.State);
        }
    }
}

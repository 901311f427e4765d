namespace Microcosm.Runtime;

/// <summary>Told by the loop that its file descriptor is ready.</summary>
internal interface IReadyHandler
{
    /// <summary>Called on the loop's thread with the epoll events at hand.</summary>
    void OnReady(int events);
}

namespace Microcosm.Chubby;

/// <summary>Who is told of events: a connection.</summary>
internal interface IWatcher
{
    void Tell(TreeEvent happened);
}

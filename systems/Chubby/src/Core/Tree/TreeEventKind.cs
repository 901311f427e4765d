namespace Microcosm.Chubby;

/// <summary>ZooKeeper's event types, by their numbers.</summary>
internal enum TreeEventKind
{
    NodeCreated = 1,
    NodeDeleted = 2,
    NodeDataChanged = 3,
    NodeChildrenChanged = 4,
}

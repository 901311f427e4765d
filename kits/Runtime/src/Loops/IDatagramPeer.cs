namespace Microcosm.Runtime;

/// <summary>Who sends to a socket that takes messages from anybody, known by the addresses of both ends.</summary>
public interface IDatagramPeer : IDatagrams
{
    /// <summary>Unique and ascending within the node, counted with its connections.</summary>
    long Id { get; }

    /// <summary>What comes from there next belongs to another peer; this one may still send.</summary>
    void Leave();
}

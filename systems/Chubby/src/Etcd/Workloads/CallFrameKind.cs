namespace Microcosm.Chubby.Etcd;

/// <summary>What a frame of a carried connection is.</summary>
internal enum CallFrameKind : byte
{
    /// <summary>A call begins; the method's name.</summary>
    Begin,

    /// <summary>A message of either side.</summary>
    Message,

    /// <summary>The client sends no more, or the server has done: then with status code and text.</summary>
    End,
}

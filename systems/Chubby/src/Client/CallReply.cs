namespace Microcosm.Chubby.Client;

/// <summary>What a member answered.</summary>
internal sealed record CallReply(ChubbyError Error, long Epoch, byte[] Fields);

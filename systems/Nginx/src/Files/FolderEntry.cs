namespace Microcosm.Nginx;

/// <summary>What a folder has under a name.</summary>
internal readonly record struct FolderEntry(byte[] Name, FileFacts Facts);

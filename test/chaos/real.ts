export async function playReal(_count: number, _seed: number): Promise<boolean> {
  return true;
}
